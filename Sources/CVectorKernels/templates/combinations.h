// Sums of whole vectors, accumulated in double over tiles that stay in the first-level cache.

#define TILE 512

MULTIVERSIONED void NAME(combine)(const void *const *vectors, const double *factors, ptrdiff_t vector_count,
                                  void *result, ptrdiff_t count) {
  double sums[TILE];
  for (ptrdiff_t start = 0; start < count; start += TILE) {
    const ptrdiff_t width = count - start < TILE ? count - start : TILE;
    for (ptrdiff_t i = 0; i < width; i++) sums[i] = 0;
    for (ptrdiff_t j = 0; j < vector_count; j++) {
      const REAL *xs = (const REAL *)vectors[j] + start;
      PARALLEL_LOOP for (ptrdiff_t i = 0; i < width; i++) sums[i] += factors[j] * xs[i];
    }
    REAL *ys = (REAL *)result + start;
    PARALLEL_LOOP for (ptrdiff_t i = 0; i < width; i++) ys[i] = (REAL)sums[i];
  }
}
