"""Gathers the applets' models, since Django looks here."""

from credits.agreements.models import *  # noqa: F403
from credits.batches.models import *  # noqa: F403
from credits.certificates.models import *  # noqa: F403
from credits.checking.models import *  # noqa: F403
from credits.designs.models import *  # noqa: F403
from credits.exchange.models import *  # noqa: F403
from credits.interop.models import *  # noqa: F403
from credits.ledger.grounds import *  # noqa: F403
from credits.ledger.models import *  # noqa: F403
from credits.log.models import *  # noqa: F403
from credits.recognition.models import *  # noqa: F403
from credits.seals.models import *  # noqa: F403
