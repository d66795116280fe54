"""When a step will be done: what people were told, why it moved, and whether it was kept."""
