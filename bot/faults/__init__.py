"""One part broken at a time, and what staff get: `make faults`. It is no part of what staff use."""
