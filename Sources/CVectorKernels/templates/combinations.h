// Scalar products and sums of long vectors, several at a time, chunk by chunk: what is used twice is used again while
// it lies in the cache. Sums over chunks are left to vk_tree_sum.

#define PIECE 512

// The scalar products of one vector with several: a row of sums per chunk.
static void NAME(dots)(const void *vector, const void *const *others, ptrdiff_t other_count,
                       double *sums, ptrdiff_t count) {
  for (ptrdiff_t start = 0; start < count; start += VK_CHUNK, sums += other_count) {
    const ptrdiff_t width = count - start < VK_CHUNK ? count - start : VK_CHUNK;
    for (ptrdiff_t j = 0; j < other_count; j++)
      sums[j] = NAME(dot_run)((const REAL *)vector + start, (const REAL *)others[j] + start, width);
  }
}

// result[i] = sum over j of factors[j] * vectors[j][start + i], for at most PIECE elements
INLINE void NAME(combine_piece)(const void *const *vectors, const double *factors, ptrdiff_t vector_count,
                                REAL *result, ptrdiff_t start, ptrdiff_t width) {
  double sums[PIECE];
  for (ptrdiff_t i = 0; i < width; i++) sums[i] = 0;
  ptrdiff_t j = 0;
  for (; j + 4 <= vector_count; j += 4) {
    const REAL *a = (const REAL *)vectors[j] + start, *b = (const REAL *)vectors[j + 1] + start;
    const REAL *c = (const REAL *)vectors[j + 2] + start, *d = (const REAL *)vectors[j + 3] + start;
    const double *f = factors + j;
    PARALLEL_LOOP for (ptrdiff_t i = 0; i < width; i++) {
      double sum = sums[i];
      sum += f[0] * a[i];
      sum += f[1] * b[i];
      sum += f[2] * c[i];
      sum += f[3] * d[i];
      sums[i] = sum;
    }
  }
  for (; j < vector_count; j++) {
    const REAL *xs = (const REAL *)vectors[j] + start;
    PARALLEL_LOOP for (ptrdiff_t i = 0; i < width; i++) sums[i] += factors[j] * xs[i];
  }
  PARALLEL_LOOP for (ptrdiff_t i = 0; i < width; i++) result[i] = (REAL)sums[i];
}

// Several linear combinations of the same vectors, with the squares of their norms: a row of sums per chunk.
static void NAME(combine)(const void *const *vectors, ptrdiff_t vector_count, const double *factors,
                          void *const *results, ptrdiff_t result_count, double *squares,
                          ptrdiff_t count) {
  for (ptrdiff_t start = 0; start < count; start += VK_CHUNK, squares += result_count) {
    const ptrdiff_t width = count - start < VK_CHUNK ? count - start : VK_CHUNK;
    for (ptrdiff_t r = 0; r < result_count; r++) {
      REAL *ys = (REAL *)results[r] + start;
      for (ptrdiff_t i = 0; i < width; i += PIECE)
        NAME(combine_piece)(vectors, factors + r * vector_count, vector_count, ys + i, start + i,
                            width - i < PIECE ? width - i : PIECE);
      squares[r] = NAME(dot_run)(ys, ys, width);
    }
  }
}
