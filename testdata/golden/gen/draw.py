"""Parameters and data from a tiny generator that any language can repeat.

The state is 64 bits. It starts as the FNV-1a hash of a name, and each draw does
state <- state * 6364136223846793005 + 1442695040888963407 (mod 2^64). The top ten bits n of the
new state give the number (2n + 1 - 1024) / 1024, an odd multiple of 2^-10 between -1 and 1:
short in hexadecimal, and never zero.
"""

_MASK = 2 ** 64 - 1


class Draw:
    def __init__(self, name):
        self.state = 0xcbf29ce484222325
        for byte in name.encode("ascii"):
            self.state = (self.state ^ byte) * 0x100000001b3 & _MASK

    def bits(self, count):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & _MASK
        return self.state >> (64 - count)

    def number(self):
        return (2 * self.bits(10) + 1 - 1024) / 1024

    def vector(self, length):
        return [self.number() for _ in range(length)]

    def rows(self, count, length):
        return [self.vector(length) for _ in range(count)]

    def labels(self, count, length):
        """Rows of zeros and ones."""
        return [[float(self.bits(1)) for _ in range(length)] for _ in range(count)]

    def classes(self, count, length):
        """Rows with a single one."""
        chosen = [self.bits(16) % length for _ in range(count)]
        return [[float(k == c) for k in range(length)] for c in chosen]
