cimport cython


@cython.locals(
    found=list, size=Py_ssize_t, start=Py_ssize_t, end=Py_ssize_t, length=Py_ssize_t, opening=str,
    lengths=tuple, forms=dict, entry=tuple,
)
cdef list _scan(str key, dict ready, unpack)
