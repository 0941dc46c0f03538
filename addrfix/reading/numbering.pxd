cimport cython


cdef class Number:
    cdef public Py_ssize_t end
    cdef public tuple rules
    cdef public double loss
    cdef public Py_ssize_t digits
    cdef public frozenset after


cdef class Numbers:
    cdef public str _key
    cdef public object _lexicon
    cdef public Py_ssize_t _numbered

    @cython.locals(key=str, character=str, before=str, plain=bint, glued=bint, out=list)
    cpdef list at(self, Py_ssize_t start)

    @cython.locals(key=str)
    cdef _bare(self, Py_ssize_t start, list out)

    @cython.locals(key=str, loss=double)
    cdef Number _number(self, Py_ssize_t start, Py_ssize_t end, str suffix, frozenset after)

    @cython.locals(number=Number, out=list)
    cpdef list behind(self, list numbers, Py_ssize_t state, Py_ssize_t before, Py_ssize_t start)

    cdef bint _holds(self, Py_ssize_t when, Number number, Py_ssize_t before, Py_ssize_t start)
