"""What every part speaks: money, rates, dates, working calendars, identifiers, actors, findings."""
