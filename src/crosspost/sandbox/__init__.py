"""Pretend X, VK, Facebook and YouTube on one port, and a page that shows what was posted."""

from crosspost.sandbox.describe import describe
from crosspost.sandbox.faults import FAULTS, UnknownFault
from crosspost.sandbox.serve import app
from crosspost.sandbox.state import PostedRecord, Sandbox

__all__ = ["FAULTS", "PostedRecord", "Sandbox", "UnknownFault", "app", "describe"]
