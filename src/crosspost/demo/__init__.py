"""The whole job with no credentials: a sample site, pretend platforms and the daemon between them."""
