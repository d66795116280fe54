"""Posts webhooks to the servers of API clients."""
