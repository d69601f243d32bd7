// Vectors of 64 bytes, which every level has in some number of registers, and the transposition of matrices.

typedef REAL NAME(vector) __attribute__((ext_vector_type(WIDTH), aligned(sizeof(REAL))));

#define LOAD(pointer) (*(const NAME(vector) *)(pointer))
#define STORE(pointer, value) (*(NAME(vector) *)(pointer) = (value))

#define ROUND_UP(count, unit) (((count) + (unit) - 1) / (unit) * (unit))

// In how many rows `width` elements can be read from a column on: behind the end of a row lies the next one, and nothing
// behind the last.
INLINE ptrdiff_t NAME(readable_rows)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t column, ptrdiff_t width) {
  const ptrdiff_t last = rows * columns - column - width, count = last < 0 ? 0 : last / columns + 1;
  return count < rows ? count : rows;
}

// Elements of one register, and how two of them are interleaved.
#define SIDE (VECTOR_BYTES / REAL_BYTES)
#undef INTERLEAVE_LOW
#undef INTERLEAVE_HIGH
#if SIDE == 2
#define INTERLEAVE_LOW 0, 2
#define INTERLEAVE_HIGH 1, 3
#elif SIDE == 4
#define INTERLEAVE_LOW 0, 4, 1, 5
#define INTERLEAVE_HIGH 2, 6, 3, 7
#elif SIDE == 8
#define INTERLEAVE_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define INTERLEAVE_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define INTERLEAVE_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define INTERLEAVE_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

typedef REAL NAME(side) __attribute__((ext_vector_type(SIDE), aligned(sizeof(REAL))));

// A square of SIDE rows that are `stride` apart, transposed.
INLINE void NAME(transpose_square)(const REAL *matrix, ptrdiff_t stride, REAL *result, ptrdiff_t result_stride) {
  NAME(side) rows[SIDE];
  for (int i = 0; i < SIDE; i++) rows[i] = *(const NAME(side) *)(matrix + i * stride);
  for (int step = 1; step < SIDE; step *= 2) {
    NAME(side) old[SIDE];
    for (int i = 0; i < SIDE; i++) old[i] = rows[i];
    for (int i = 0; i < SIDE / 2; i++) {
      rows[2 * i] = __builtin_shufflevector(old[i], old[i + SIDE / 2], INTERLEAVE_LOW);
      rows[2 * i + 1] = __builtin_shufflevector(old[i], old[i + SIDE / 2], INTERLEAVE_HIGH);
    }
  }
  for (int i = 0; i < SIDE; i++) *(NAME(side) *)(result + i * result_stride) = rows[i];
}

// result[column, row] = matrix[row, column]; rows of the result are `stride` apart. Where a square would reach past an
// edge it begins earlier.
INLINE void NAME(transpose)(const REAL *matrix, ptrdiff_t rows, ptrdiff_t columns, REAL *result, ptrdiff_t stride) {
  if (rows < SIDE || columns < SIDE) {
    for (ptrdiff_t i = 0; i < rows; i++)
      for (ptrdiff_t j = 0; j < columns; j++) result[j * stride + i] = matrix[i * columns + j];
    return;
  }
  for (ptrdiff_t r = 0; r < rows; r += SIDE)
    for (ptrdiff_t c = 0; c < columns; c += SIDE) {
      const ptrdiff_t i = r + SIDE <= rows ? r : rows - SIDE, j = c + SIDE <= columns ? c : columns - SIDE;
      NAME(transpose_square)(matrix + i * columns + j, columns, result + j * stride + i, stride);
    }
}
