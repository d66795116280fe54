"""Rule packs: parse, validate, pick by date, evaluate, explain. Pure."""
