"""What is offered: terms, limits, fees, dated versions."""
