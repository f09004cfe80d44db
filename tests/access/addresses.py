"""The product's addresses, and one more that stands behind a right."""

from abonent.main.urls import urlpatterns as of_the_product
from tests.access.test_seats import urlpatterns as of_the_test

urlpatterns = [*of_the_product, *of_the_test]
