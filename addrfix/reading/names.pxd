cimport cython

from addrfix.reading.lexicon cimport Ending


cdef dict _ROAD_LENGTH, _BEHIND_ROAD
cdef Py_ssize_t _LONGEST_ROAD
cdef frozenset _SIDES, _DIRECTIONS, _LONG_ROADS, _TURNING, _NOT_ROADS
cdef frozenset _BARE_VILLAGES, _NOT_IN_VILLAGE, _NOT_IN_TOWN
cdef tuple _NOT_A_ROAD_BEFORE, _MOUTH, _STEM, _VILLAGE_ENDS, _NOT_BEHIND, _NO_VILLAGE

@cython.locals(character=Py_UCS4)
cdef bint _has_one(str key, str characters)

@cython.locals(length=Py_ssize_t, stem=Py_ssize_t, kind=str)
cpdef tuple name(str key, Py_ssize_t start, Py_ssize_t end, Ending ending, Py_ssize_t digits, bint boundary)

@cython.locals(length=Py_ssize_t, size=Py_ssize_t, weight=double, piece=str)
cdef tuple _road(str key, Py_ssize_t start, Py_ssize_t end, Ending ending, Py_ssize_t digits, bint boundary)

@cython.locals(loss=double, word=str, one=double)
cdef double _loss_around(str key, Py_ssize_t start, Py_ssize_t end, str piece, Py_ssize_t digits)

cdef tuple _zone(Py_ssize_t end, Py_ssize_t length, Py_ssize_t stem)

cdef tuple _group(Py_ssize_t end, Py_ssize_t stem, Ending ending)

@cython.locals(length=Py_ssize_t, weight=double)
cdef tuple _village(str key, Py_ssize_t start, Py_ssize_t end, Ending ending)

@cython.locals(weight=double, stem=Py_ssize_t)
cdef tuple _town(str key, Py_ssize_t start, Py_ssize_t end, Ending ending)

@cython.locals(weight=double)
cpdef object known_village(str key, Py_ssize_t start, Py_ssize_t end, bint boundary)
