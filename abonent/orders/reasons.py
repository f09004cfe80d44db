"""Why a row is not fine or was not done: codes with arguments, and their words in the reader's language."""

from collections.abc import Mapping
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from abonent.catalog.models import Service

WORDS: dict[str, str | Promise] = {
    "blank": _("The row is empty."),
    "header": _("This is a heading, not a number."),
    "duplicate": _("The same number stands in row %(row)s already; it is done once."),
    "not_a_number": _("This is not a phone number; a number has %(length)s digits."),
    "not_yours": _("This is not one of your numbers."),
    "pending": _("The number is not activated yet."),
    "blocked": _("The number is blocked."),
    "terminated": _("The number is no longer served."),
    "account_closed": _("The account is closed."),
    "already": _("The service is connected already."),
    "not_connected": _("The service is not connected."),
    "wrong_kind": _("The service is not offered for this kind of number."),
    "not_on_sale": _("The service is no longer offered."),
    "excluded": _("It cannot stand beside the service “%(service)s”."),
    "requires": _("It needs the service “%(service)s” to be connected first."),
    "needed": _("The service “%(service)s” needs it; disconnect that one first."),
    "same_plan": _("It has this tariff and set already."),
    "tariff_not_on_sale": _("The tariff is no longer offered."),
    "tariff_wrong_kind": _("The tariff is not offered for this kind of number."),
    "another_tariff": _("Its tariff is another one: change the tariff instead."),
    "no_name": _("The new name is empty."),
    "long_name": _("The name is too long: at most %(longest)s letters a field."),
    "same_name": _("It has this name already."),
    "is_active": _("The number is active already."),
    "is_blocked": _("The number is blocked already."),
    "is_terminated": _("The number is no longer served already."),
    "one_number": _("A new number is chosen for one line at a time."),
    "same_number": _("It has this number already."),
    "number_taken": _("The new number is not kept for this line any more. Choose another one."),
    "said_done": _("The network had not answered; the operator has made sure that it was done."),
    "said_not_done": _("The network had not answered; the operator has made sure that it was not done."),
    "settled": _("Somebody has decided on this row already."),
    "cannot_apply": _("It cannot be applied: the line has changed since. Correct it in the network."),
    "no_free_number": _("No number of this category is free for it any more. Choose another category, or come later."),
    "no_number": _("The new number is missing."),
    "odd_number": _("The new number is not a phone number; a number has %(length)s digits."),
    "number_not_free": _("The new number is not free. Choose another one."),
    "tired": _("Too many other numbers were offered for this line of late. Come back later."),
    "number_wrong_kind": _("The new number is not for this kind of line."),
    "number_not_on_sale": _("Numbers of this category are no longer offered."),
    "no_sim": _("The number of the new SIM is missing."),
    "same_sim": _("It has this SIM already."),
    "sim_by_operator": _("The SIM of this line is replaced by the operator. Write to the operator."),
    "sim_not_free": _("This is not one of your free SIMs."),
    "not_a_sim": _("This is not the number of a SIM: it has from %(least)s to %(most)s digits."),
    "rounded": _(
        "Excel keeps 15 digits of a number; the others of this one are lost. Give the column the format Text, and type "
        "the numbers anew."
    ),
    "sim_twice": _("This SIM stands in more than one row."),
    "active": _("The number is active."),
    "last_of_account": _("It is the last number of its account: ending it takes a written application."),
    # Translators: «Для прекращения действия договора по всем абонентам необходимо оформить заявление на фирменном
    # бланке организации и погасить текущую задолженность.»
    "whole_account": _(
        "To end the contract for all subscribers, an application on the letterhead of the organisation has to be made "
        "and the present debt paid."
    ),
    "same_forwarding": _("Its calls are forwarded like this already."),
    "no_forwarding": _("Its calls are not forwarded."),
    "forwarding_zone": _("Calls cannot be forwarded to this country."),
    "forwarding_itself": _("A number cannot be forwarded to itself."),
    "forwarding_loop": _("The calls would come back to this number: the other one is forwarded to it."),
    "forwarding_set": _("Calls are still forwarded; switch that off first."),
    "changed": _("The number was changed after the check."),
    "moved": _("The number went to another company after the check."),
    "network_refused": _("The network refused it."),
    "kept_failing": _("It could not be done, although it was tried several times."),
    "stopped": _("The server stopped each time while doing this row."),
    "order_cancelled": _("The order was cancelled before this row was begun."),
    "order_rejected": _("The order was rejected."),
    "closed_day": _("It cannot be done on this day."),
    "taken_out": _("Taken out before the order was placed."),
}

NOTES: dict[str, str | Promise] = {
    "tidied": _("The number was tidied up."),
    "by_sim": _("Found by its SIM."),
}


class Wording:
    """Says reasons; it reads the names of services once, so make one for a page or a file."""

    def reason(self, code: str, args: Mapping[str, object]) -> str:
        """A sentence; nothing for no reason."""
        if not code:
            return ""
        named = {name: self._named(name, value) for name, value in args.items()}
        return str(WORDS[code]) % named

    def remark(self, reason: str, args: Mapping[str, object], note: str) -> str:
        """The reason, or else the note on a row that is fine."""
        return self.reason(reason, args) if reason or not note else str(NOTES[note])

    def _named(self, name: str, value: object) -> object:
        return self._services.get(str(value), value) if name == "service" else value

    @cached_property
    def _services(self) -> dict[str, str]:
        return {service.code: service.name for service in Service.objects.all()}
