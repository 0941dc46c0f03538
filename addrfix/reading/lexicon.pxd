cdef class Ending:
    cdef public str kind
    cdef public Py_ssize_t length
    cdef public double weight
    cdef public str word
    cdef public tuple unless
