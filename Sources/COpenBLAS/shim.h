#pragma once

#include <cblas.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>

// Debian's OpenBLAS contains LAPACK but comes without its C header: the Fortran routines that are used.
// dsyevd: all eigenvalues of a symmetric matrix, and its eigenvectors where `job` is "V", by divide and
// conquer.
void dsyevd_(const char *job, const char *triangle, const int *n, double *matrix, const int *stride,
             double *eigenvalues, double *work, const int *work_count, int *integer_work,
             const int *integer_work_count, int *info);

// dpotrf: the Cholesky factor of a positive definite matrix; info > 0 where it is not positive definite.
void dpotrf_(const char *triangle, const int *n, double *matrix, const int *stride, int *info);

// dpotrs: solves linear equations by that factor.
void dpotrs_(const char *triangle, const int *n, const int *columns, const double *factor, const int *stride,
             double *right, const int *right_stride, int *info);

// dgesvj: the singular value decomposition by one-sided Jacobi rotations, which gives small singular values to high
// relative accuracy. The matrix is replaced by the left vectors.
void dgesvj_(const char *form, const char *left, const char *right, const int *rows, const int *columns,
             double *matrix, const int *stride, double *values, const int *applied, double *vectors,
             const int *vector_stride, double *work, const int *work_count, int *info);

// Has the library choose its kernel once more, as if OPENBLAS_CORETYPE said `name`: by itself it looks only when it is
// loaded, before a program can speak. No product may be under way. False for a library that has one kernel only, or
// hides how it chooses.
static inline bool copenblas_choose(const char *name) {
  void *loaded = dlopen(0, RTLD_LAZY);
  if (!loaded) return false;
  void (*forget)(void) = (void (*)(void))dlsym(loaded, "gotoblas_dynamic_quit");
  void (*choose)(void) = (void (*)(void))dlsym(loaded, "gotoblas_dynamic_init");
  dlclose(loaded);
  if (!forget || !choose || setenv("OPENBLAS_CORETYPE", name, 1) != 0) return false;
  forget();
  choose();
  unsetenv("OPENBLAS_CORETYPE");  // so that children on other CPUs choose for themselves
  return true;
}
