cimport cython


cdef frozenset _NUMERALS, _DIGIT_NUMERALS, _GOES_ON, _TAIL_OPENERS
cdef tuple _NOT_BARE_BEFORE, _ROAD_BEHIND, _CROSSING_BEHIND, _ROW
cdef Py_ssize_t _LONGEST_BARE, _WRITTEN_ROOM, _ALL, _SPLIT, _WRITTEN_AFTER
cdef Py_ssize_t _ONE, _JOINED, _PAIR, _RISING, _LONG, _STRETCH, _ANNEX, _OF_REST, _OF_CODE, _LIST
cdef Py_ssize_t _MORE_FOLLOW, _TOWER, _ESTATE, _BY_ROAD, _SHORT, _SHORT2, _IN_ROW, _BEFORE_UNIT


cdef class Number:
    cdef public Py_ssize_t end
    cdef public tuple rules
    cdef public double loss
    cdef public Py_ssize_t digits
    cdef public Py_ssize_t after
    cdef public Py_ssize_t forms


cdef class Numbers:
    cdef public str _key
    cdef public object _lexicon
    cdef public frozenset _openers
    cdef public dict _suffixes
    cdef public dict _rules
    cdef public Py_ssize_t _numbered

    @cython.locals(
        key=str, stop=Py_ssize_t, character=str, before=str, plain=bint, latin=bint, joined=bint,
        out=list,
    )
    cpdef list at(self, Py_ssize_t start)

    @cython.locals(key=str, size=Py_ssize_t, stop=Py_ssize_t)
    cdef Py_ssize_t _digits_alone(self, Py_ssize_t start)

    @cython.locals(key=str, forms=Py_ssize_t, suffix=str, end=Py_ssize_t)
    cdef _numbered_or_joined(self, Py_ssize_t start, Py_ssize_t stop, bint joined, str before, list out)

    @cython.locals(key=str, lengths=tuple, length=Py_ssize_t, suffix=str)
    cdef str _suffix(self, Py_ssize_t position)

    @cython.locals(key=str)
    cdef Py_ssize_t _with_tail(self, str suffix, Py_ssize_t end)
    cdef bint _is_over(self, Py_ssize_t position)

    @cython.locals(key=str, end=Py_ssize_t)
    cdef _bare(self, Py_ssize_t start, Py_ssize_t stop, list out)

    @cython.locals(key=str, size=Py_ssize_t, end=Py_ssize_t)
    cdef _written_room(self, Py_ssize_t start, list out)

    cdef _rest(self, Py_ssize_t start, list out)

    @cython.locals(key=str, loss=double, digits=Py_ssize_t, position=Py_ssize_t)
    cdef Number _number(self, Py_ssize_t start, Py_ssize_t end, str suffix, Py_ssize_t after, Py_ssize_t forms)

    @cython.locals(number=Number, out=list, form=Py_ssize_t, when=Py_ssize_t, weight=double)
    cpdef list behind(self, list numbers, Py_ssize_t state, Py_ssize_t before, Py_ssize_t start)

    cdef bint _holds(self, Py_ssize_t when, Number number, Py_ssize_t before, Py_ssize_t start)
