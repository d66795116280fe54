"""The event types of the whole product: all that areas share with each other and with insight."""
