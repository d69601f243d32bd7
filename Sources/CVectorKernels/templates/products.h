// Small matrix products, where a library's set-up costs as much as its work.
//
// Every element of a result is one sum over k, term after term, whatever the tile that it is computed in: so its bits
// depend on nothing but its row of A and its column of B.

#define TILE_BYTES 64
#define PART whole
#include "tiles.h"
#undef TILE_BYTES
#undef PART

// Columns that would fill half of a row or less.
#define TILE_BYTES 32
#define PART half
#include "tiles.h"
#undef TILE_BYTES
#undef PART

// Sums of one term. A tile would be all set-up; the 0 that its sums begin with makes -0 a 0 here too.
INLINE void NAME(multiply_columns)(const vk_product *g, const REAL *a, const REAL *b, REAL *result) {
  const REAL factor = (REAL)g->factor;
  for (ptrdiff_t i = 0; i < g->rows; i++, result += g->columns) {
    const REAL x = a[i * g->row_stride];
    if (g->accumulates) {
      PARALLEL_LOOP for (ptrdiff_t j = 0; j < g->columns; j++) {
        const REAL sum = x * b[j] + 0, value = factor * sum;
        result[j] = value + result[j];
      }
    } else {
      PARALLEL_LOOP for (ptrdiff_t j = 0; j < g->columns; j++) {
        const REAL sum = x * b[j] + 0;
        result[j] = factor * sum;
      }
    }
  }
}

// Vectors of columns that a tile of one row has.
#define TILE_COLUMNS (VECTOR_BYTES == 64 ? 8 : 4)

INLINE void NAME(multiply_wide_tile)(const vk_product *g, const REAL *a, const REAL *b, REAL *result,
                                    const int vectors) {
  NAME(vector) sums[TILE_COLUMNS];
  UNROLLED for (int v = 0; v < vectors; v++) sums[v] = 0;
  for (ptrdiff_t k = 0; k < g->depth; k++, a += g->depth_stride, b += g->columns)
    UNROLLED for (int v = 0; v < vectors; v++) sums[v] = *a * LOAD(b + v * WIDTH) + sums[v];
  UNROLLED for (int v = 0; v < vectors; v++) NAME(store_sums_whole)(g, sums + v, result + v * WIDTH, WIDTH, 1);
}

// One row of A times the columns that whole vectors hold, several vectors at once: one alone would wait for each sum.
// Returns the number of these columns.
INLINE ptrdiff_t NAME(multiply_one_row)(const vk_product *g, const REAL *a, const REAL *b, REAL *result) {
  ptrdiff_t j = 0;
  for (; j + TILE_COLUMNS * WIDTH <= g->columns; j += TILE_COLUMNS * WIDTH)
    NAME(multiply_wide_tile)(g, a, b + j, result + j, TILE_COLUMNS);
  for (; j + 2 * WIDTH <= g->columns; j += 2 * WIDTH) NAME(multiply_wide_tile)(g, a, b + j, result + j, 2);
  return j;
}

static void NAME(multiply_matrices)(const vk_product *g, const void *left, const void *right, void *result) {
  REAL packed[VK_DEEPEST * WIDTH] __attribute__((aligned(64)));
  const REAL *a = left, *b = right;
  REAL *y = result;
  for (ptrdiff_t n = 0; n < g->count; n++) {
    ptrdiff_t j = 0;
    if (g->depth == 1) {
      NAME(multiply_columns)(g, a, b, y);
      j = g->columns;
    } else if (g->rows == 1 && !g->transposed) {
      j = NAME(multiply_one_row)(g, a, b, y);
    }
    while (j < g->columns)
      j += g->columns - j > WIDTH / 2 ? NAME(multiply_from_whole)(g, a, b, y, j, packed)
                                      : NAME(multiply_from_half)(g, a, b, y, j, packed);
    a += g->rows * g->depth, b += g->depth * g->columns, y += g->rows * g->columns;
  }
}

// The scalar products of `few` rows with many, each of `depth` elements; those of row m of the many and row f of the few
// go to result[m * many_stride + f * few_stride].
INLINE void NAME(multiply_rows)(const REAL *many, ptrdiff_t rows, ptrdiff_t many_stride, const REAL *few,
                                ptrdiff_t few_rows, ptrdiff_t few_stride, ptrdiff_t depth, REAL *result) {
  const ptrdiff_t rest = depth % LANES, followed = NAME(readable_rows)(rows, depth, depth - rest, LANES);
  for (ptrdiff_t f = 0; f < few_rows; f++, few += depth) {
    const NAME(lanes) y = NAME(rest_of)(few + depth - rest, rest);
    REAL *target = result + f * few_stride;
    for (ptrdiff_t m = 0; m < followed; m++) {
      const REAL *x = many + m * depth;
      target[m * many_stride] = (REAL)NAME(dot_of)(x, few, depth, NAME(first_of)(x + depth - rest, rest), y);
    }
    for (ptrdiff_t m = followed; m < rows; m++) {
      const REAL *x = many + m * depth;
      target[m * many_stride] = (REAL)NAME(dot_of)(x, few, depth, NAME(rest_of)(x + depth - rest, rest), y);
    }
  }
}

// Every element a scalar product of a row of A and a row of B, which is stored as [columns, depth].
static void NAME(multiply_by_dots)(const vk_product *g, const void *left, const void *right, void *result) {
  const ptrdiff_t rows = g->rows, columns = g->columns, depth = g->depth;
  const REAL *a = left, *b = right;
  REAL *y = result;
  for (ptrdiff_t n = 0; n < g->count; n++, a += rows * depth, b += columns * depth, y += rows * columns)
    if (columns <= rows)
      NAME(multiply_rows)(a, rows, columns, b, columns, 1, depth, y);
    else
      NAME(multiply_rows)(b, columns, 1, a, rows, columns, depth, y);
}
