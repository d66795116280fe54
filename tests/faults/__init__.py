"""What goes wrong, and what then happens: every fault the product answers for, held by a test."""
