"""The ledger: the only memory of crosspost, and the only judge of what may be sent."""

from crosspost.ledger.ledger import LOOK_AND_MARK as LOOK_AND_MARK
from crosspost.ledger.ledger import RECOGNISED as RECOGNISED
from crosspost.ledger.ledger import Ledger as Ledger
