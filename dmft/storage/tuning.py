"""Limits of what a file may hold, and the pace of a store; each with its reason.

`save` refuses what is above a limit, so that `load` reads whatever `save` wrote.
"""

# bytes of header.json: Python objects take up to 30 times the text, so half a GiB at most; the
# header of a store of 10^5 arrays has about 10 MB
LARGEST_HEADER = 2**24
# bytes of the directory of the archive: its entries take up to 10 times as much when they are read
LARGEST_DIRECTORY = 2**24
# bytes out of one byte in: deflate cannot do more, so a member that claims more is damaged
LARGEST_EXPANSION = 1032
# bytes of an array that are unpacked at once
CHUNK = 2**22
# bytes of arrays that are read without a query of the free memory, which takes half as long as
# reading a solution
SMALL = 2**24
# bits of a whole number: Python reads no decimal number of more than 4300 digits, 14284 bits
LARGEST_WHOLE_BITS = 14_000
# words of the pool of a seed sequence: numpy's default is 4, and the time grows as its square
LARGEST_POOL = 64
# numbers in the entropy and in the key of a seed sequence
MOST_SEED_NUMBERS = 1000
# nodes and depth of the expression of a phi: its derivative and its code grow faster than these
MOST_NODES, DEEPEST = 500, 40
# seconds between two checks of the tasks that another process has taken
POLL_INTERVAL = 0.1
# seconds between two checks of a worker for its parent: an orphan ends within a second, or later if
# a call holds the interpreter
PARENT_INTERVAL = 0.5
# tasks of a store that are submitted for each worker: enough that no worker waits for the next one,
# few enough that two processes share the work
TASKS_PER_WORKER = 2
