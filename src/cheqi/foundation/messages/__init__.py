"""Messages to customers and staff: templates, attempts, gate decisions, inboxes."""
