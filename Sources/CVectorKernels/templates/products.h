// Matrix products with one tiny dimension, where a general matrix multiplication is all overhead.

typedef REAL NAME(block) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

// y[columns] = sum over k of a[k * stride] * b[k, columns]
INLINE void NAME(combine_rows)(const REAL *a, ptrdiff_t stride, const REAL *b, REAL *y, ptrdiff_t depth,
                                      ptrdiff_t columns) {
  ptrdiff_t j = 0;
  for (; j + LANES <= columns; j += LANES) {
    NAME(block) sum = a[0] * *(const NAME(block) *)(b + j);
    for (ptrdiff_t k = 1; k < depth; k++)
      sum = a[k * stride] * *(const NAME(block) *)(b + k * columns + j) + sum;
    *(NAME(block) *)(y + j) = sum;
  }
  for (; j < columns; j++) {
    REAL sum = a[0] * b[j];
    for (ptrdiff_t k = 1; k < depth; k++) sum = a[k * stride] * b[k * columns + j] + sum;
    y[j] = sum;
  }
}

// result[rows, columns] = A right, where A[i, k] = left[i * row_stride + k * depth_stride]
MULTIVERSIONED void NAME(matmul_rows)(const void *left, const void *right, void *result, ptrdiff_t rows,
                                      ptrdiff_t columns, ptrdiff_t depth, ptrdiff_t row_stride,
                                      ptrdiff_t depth_stride) {
  for (ptrdiff_t i = 0; i < rows; i++)
    NAME(combine_rows)((const REAL *)left + i * row_stride, depth_stride, right,
                       (REAL *)result + i * columns, depth, columns);
}

// result[rows, columns] = left [rows, depth] times the transpose of right [columns, depth]
MULTIVERSIONED void NAME(matmul_dots)(const void *left, const void *right, void *result, ptrdiff_t rows,
                                      ptrdiff_t columns, ptrdiff_t depth) {
  for (ptrdiff_t i = 0; i < rows; i++)
    for (ptrdiff_t j = 0; j < columns; j++)
      ((REAL *)result)[i * columns + j] =
          (REAL)NAME(dot_run)((const REAL *)left + i * depth, (const REAL *)right + j * depth, depth);
}
