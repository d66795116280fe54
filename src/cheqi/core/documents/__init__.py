"""From recognised text boxes to kind, fields, check digits, agreement and verdict."""
