"""What the courses show of the ledger: on a learner's result, whether its credit has been entered."""

from django.utils.translation import gettext_lazy as _

from courses.data import Panel, ResultInfo
from credits.data import Source
from credits.ledger import queries
from credits.ledger.minting import counts_in


def credit_of_result(result: ResultInfo) -> Panel | None:
    """Return the panel of a certified result that earns credit; None for every other result."""
    if not result.is_certified or counts_in(result) is None:
        return None
    lot = queries.lot_from(Source("result", result.uuid))
    return Panel(_("Credit"), "credits/ledger/result_panel.html", {"lot": lot})
