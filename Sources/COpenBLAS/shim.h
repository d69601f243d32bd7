#pragma once

#include <cblas.h>

// Debian's OpenBLAS contains LAPACK but comes without its C header: the Fortran routines that are used.
// dsyevd: all eigenvalues of a symmetric matrix, and its eigenvectors where `job` is "V", by divide and
// conquer.
void dsyevd_(const char *job, const char *triangle, const int *n, double *matrix, const int *stride,
             double *eigenvalues, double *work, const int *work_count, int *integer_work,
             const int *integer_work_count, int *info);
