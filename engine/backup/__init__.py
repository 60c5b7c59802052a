"""Everything of Alur in one file, and back: from either database into either.

`writing.write` makes it, `reading.Archive` looks into it and checks every byte, `restoring.restore`
puts it in the place of what is there, in one transaction that ends only if the history is whole.
"""
