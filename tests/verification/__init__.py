"""Statistical verification: random numbers and the model's processes against theory, judged by the machine.

    python -m pytest tests/verification

A few minutes on one core; plain `pytest` leaves it out (tests/conftest.py). Every draw has a fixed address,
so a verdict is the same each time: what passes once passes until the code or the address changes. It is
for changes of the generator, of the transforms to uniforms and normals, of latents and of events.
"""
