// Small matrix products, where a library's set-up costs as much as its work.
//
// Every element of a result is one sum over k, term after term, whatever the tile that it is computed in: so its bits
// depend on nothing but its row of A and its column of B.

// Rows of a tile: its sums, each a row of vectors of 64 bytes, stay in registers.
#define TILE_ROWS (VECTOR_BYTES == 64 ? 12 : VECTOR_BYTES == 32 ? 6 : 3)

// sums[r] += sum over k of a[r * row_stride + k * depth_stride] * b[k * b_stride ...], for the columns of one vector.
INLINE void NAME(add_products)(const REAL *a, ptrdiff_t row_stride, ptrdiff_t depth_stride, const REAL *b,
                               ptrdiff_t b_stride, ptrdiff_t depth, NAME(vector) *sums, const int rows) {
  for (ptrdiff_t k = 0; k < depth; k++, a += depth_stride, b += b_stride) {
    const NAME(vector) y = LOAD(b);
    for (int r = 0; r < rows; r++) sums[r] = a[r * row_stride] * y + sums[r];
  }
}

// B as a tile sees it: rows k < safe where they are, and the others, of which a vector would reach past the end, copied.
typedef struct {
  const REAL *rows, *others;
  ptrdiff_t stride, safe;
} NAME(panel);

INLINE void NAME(store_sums)(const vk_product *g, const NAME(vector) *sums, REAL *result, ptrdiff_t width,
                             const int rows) {
  const REAL factor = (REAL)g->factor;
  for (int r = 0; r < rows; r++, result += g->columns) {
    NAME(vector) value = factor * sums[r];
    if (width == WIDTH) {
      if (g->accumulates) value += LOAD(result);
      STORE(result, value);
    } else {
      for (ptrdiff_t j = 0; j < width; j++) result[j] = g->accumulates ? value[j] + result[j] : value[j];
    }
  }
}

INLINE void NAME(multiply_tile)(const vk_product *g, const REAL *a, NAME(panel) p, REAL *result, ptrdiff_t width,
                                const int rows) {
  NAME(vector) sums[TILE_ROWS];
  for (int r = 0; r < rows; r++) sums[r] = 0;
  NAME(add_products)(a, g->row_stride, g->depth_stride, p.rows, p.stride, p.safe, sums, rows);
  NAME(add_products)(a + p.safe * g->depth_stride, g->row_stride, g->depth_stride, p.others, WIDTH,
                     g->depth - p.safe, sums, rows);
  NAME(store_sums)(g, sums, result, width, rows);
}

// All rows of one panel, in tiles of about the same height.
INLINE void NAME(multiply_panel)(const vk_product *g, const REAL *a, NAME(panel) p, REAL *result, ptrdiff_t width) {
  for (ptrdiff_t tiles = ROUND_UP(g->rows, TILE_ROWS) / TILE_ROWS, i = 0, rows; tiles > 0; tiles--, i += rows) {
    rows = (g->rows - i + tiles - 1) / tiles;
    const REAL *x = a + i * g->row_stride;
    REAL *y = result + i * g->columns;
    switch (rows) {
#define TILE_OF(count)                                                        \
  case count:                                                                 \
    NAME(multiply_tile)(g, x, p, y, width, count <= TILE_ROWS ? count : 1); \
    break;
      TILE_OF(1) TILE_OF(2) TILE_OF(3) TILE_OF(4) TILE_OF(5) TILE_OF(6)
#if VECTOR_BYTES == 64
      TILE_OF(7) TILE_OF(8) TILE_OF(9) TILE_OF(10) TILE_OF(11) TILE_OF(12)
#endif
    }
  }
}

// The panel of B [depth, columns] that begins at a column.
INLINE NAME(panel) NAME(panel_of)(const vk_product *g, const REAL *b, ptrdiff_t column, ptrdiff_t width,
                                  REAL *packed) {
  const ptrdiff_t reach = g->depth * g->columns - column - WIDTH;
  ptrdiff_t safe = reach < 0 ? 0 : reach / g->columns + 1;
  safe = safe < g->depth ? safe : g->depth;
  for (ptrdiff_t k = safe; k < g->depth; k++)
    for (ptrdiff_t j = 0; j < WIDTH; j++)
      packed[(k - safe) * WIDTH + j] = j < width ? b[k * g->columns + column + j] : 0;
  return (NAME(panel)){b + column, packed, g->columns, safe};
}

// The same of B that is stored as [columns, depth]. What lies behind its columns is 0.
INLINE NAME(panel) NAME(transposed_panel_of)(const vk_product *g, const REAL *b, ptrdiff_t column, ptrdiff_t width,
                                             REAL *packed) {
  if (width < WIDTH) memset(packed, 0, g->depth * WIDTH * sizeof(REAL));
  NAME(transpose)(b + column * g->depth, width, g->depth, packed, WIDTH);
  return (NAME(panel)){packed, packed, WIDTH, g->depth};
}

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
  for (int v = 0; v < vectors; v++) sums[v] = 0;
  for (ptrdiff_t k = 0; k < g->depth; k++, a += g->depth_stride, b += g->columns)
    for (int v = 0; v < vectors; v++) sums[v] = *a * LOAD(b + v * WIDTH) + sums[v];
  for (int v = 0; v < vectors; v++) NAME(store_sums)(g, sums + v, result + v * WIDTH, WIDTH, 1);
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
    for (; j < g->columns; j += WIDTH) {
      const ptrdiff_t width = g->columns - j < WIDTH ? g->columns - j : WIDTH;
      const NAME(panel) p = g->transposed ? NAME(transposed_panel_of)(g, b, j, width, packed)
                                          : NAME(panel_of)(g, b, j, width, packed);
      NAME(multiply_panel)(g, a, p, y + j, width);
    }
    a += g->rows * g->depth, b += g->depth * g->columns, y += g->rows * g->columns;
  }
}

// Every element a scalar product of a row of A and a row of B, which is stored as [columns, depth].
static void NAME(multiply_by_dots)(const vk_product *g, const void *left, const void *right, void *result) {
  const REAL *a = left, *b = right;
  REAL *y = result;
  for (ptrdiff_t n = 0; n < g->count; n++, a += g->rows * g->depth, b += g->columns * g->depth)
    for (ptrdiff_t i = 0; i < g->rows; i++)
      for (ptrdiff_t j = 0; j < g->columns; j++)
        *y++ = (REAL)NAME(dot_run)(a + i * g->depth, b + j * g->depth, g->depth);
}
