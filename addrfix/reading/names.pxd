cimport cython

from addrfix.reading.lexicon cimport Ending


@cython.locals(length=Py_ssize_t, stem=Py_ssize_t, kind=str)
cpdef tuple name(str key, Py_ssize_t start, Py_ssize_t end, Ending ending, Py_ssize_t digits, bint boundary)

@cython.locals(length=Py_ssize_t, size=Py_ssize_t, weight=double, piece=str, after=str)
cdef tuple _road(str key, Py_ssize_t start, Py_ssize_t end, Ending ending, Py_ssize_t digits, bint boundary)

cdef tuple _zone(str key, Py_ssize_t start, Py_ssize_t end, Py_ssize_t stem)

@cython.locals(length=Py_ssize_t, weight=double)
cdef tuple _village(str key, Py_ssize_t start, Py_ssize_t end, Ending ending)

@cython.locals(weight=double)
cdef tuple _town(str key, Py_ssize_t start, Py_ssize_t end, Ending ending)
