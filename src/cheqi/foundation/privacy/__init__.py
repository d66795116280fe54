"""Personal data: sealed columns, blind indexes for exact search, masking by role, unmasking on record.

A model that holds personal data derives from `models.Sealed` and declares

    id_number = SealedTextField()
    id_number_index = BlindIndexField(of="id_number")
    id_number_last4 = Last4Field(of="id_number")

and a query finds a row by `filter(id_number_index=blind.index("id_number", given))`.
"""
