"""The routes, one file a topic. Each makes one call and gives its shape or a `Refused`."""
