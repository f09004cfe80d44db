"""The product's addresses, and two more that want a new proof."""

from abonent.main.urls import urlpatterns as of_the_product
from tests.access.test_fresh import urlpatterns as of_the_test

urlpatterns = [*of_the_product, *of_the_test]
