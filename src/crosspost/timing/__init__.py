"""When things happen. Everything here is pure: (what happened, now) -> when."""
