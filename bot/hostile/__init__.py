"""Ten thousand hostile messages at the real servers: `make hostile`. It is no part of what staff use."""
