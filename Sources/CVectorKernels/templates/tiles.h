// Products whose columns fill one row of a tile, or a part of it. Included once for each length of such a row: TILE_BYTES,
// which PART names.

#define TILE_WIDTH (TILE_BYTES / REAL_BYTES)
#define TILE(name) TILE_OF_PART(name, PART)
#define TILE_OF_PART(name, part) TILE_NAMED(name, part)
#define TILE_NAMED(name, part) NAME(name##_##part)

typedef REAL TILE(row) __attribute__((ext_vector_type(TILE_WIDTH), aligned(sizeof(REAL))));

// Rows of a tile: its sums stay in registers.
#if TILE_BYTES <= VECTOR_BYTES
#define TILE_ROWS 12
#elif TILE_BYTES / 2 <= VECTOR_BYTES
#define TILE_ROWS 6
#else
#define TILE_ROWS 3
#endif

// sums[r] += sum over k of a[r * row_stride + k * depth_stride] * b[k * b_stride ...], for the columns of one row of a
// tile.
INLINE void TILE(add_products)(const REAL *a, ptrdiff_t row_stride, ptrdiff_t depth_stride, const REAL *b,
                               ptrdiff_t b_stride, ptrdiff_t depth, TILE(row) *sums, const int rows) {
  for (ptrdiff_t k = 0; k < depth; k++, a += depth_stride, b += b_stride) {
    const TILE(row) y = *(const TILE(row) *)b;
    UNROLLED for (int r = 0; r < rows; r++) sums[r] = a[r * row_stride] * y + sums[r];
  }
}

// B as a tile sees it: rows k < safe where they are, and the others, of which a row of a tile would reach past the end,
// copied.
typedef struct {
  const REAL *rows, *others;
  ptrdiff_t stride, safe;
} TILE(panel);

INLINE void TILE(store_sums)(const vk_product *g, const TILE(row) *sums, REAL *result, ptrdiff_t width,
                             const int rows) {
  const REAL factor = (REAL)g->factor;
  UNROLLED for (int r = 0; r < rows; r++, result += g->columns) {
    TILE(row) value = factor * sums[r];
    if (width == TILE_WIDTH) {
      if (g->accumulates) value += *(const TILE(row) *)result;
      *(TILE(row) *)result = value;
    } else if (g->accumulates) {
      for (ptrdiff_t j = 0; j < width; j++) result[j] = value[j] + result[j];
    } else {
      NAME(copy_some)(result, (const REAL *)&value, width);
    }
  }
}

INLINE void TILE(multiply_tile)(const vk_product *g, const REAL *a, TILE(panel) p, REAL *result, ptrdiff_t width,
                                const int rows) {
  TILE(row) sums[TILE_ROWS];
  UNROLLED for (int r = 0; r < rows; r++) sums[r] = 0;
  TILE(add_products)(a, g->row_stride, g->depth_stride, p.rows, p.stride, p.safe, sums, rows);
  TILE(add_products)(a + p.safe * g->depth_stride, g->row_stride, g->depth_stride, p.others, TILE_WIDTH,
                     g->depth - p.safe, sums, rows);
  TILE(store_sums)(g, sums, result, width, rows);
}

// All rows of one panel, in tiles of about the same height.
INLINE void TILE(multiply_panel)(const vk_product *g, const REAL *a, TILE(panel) p, REAL *result, ptrdiff_t width) {
  for (ptrdiff_t tiles = ROUND_UP(g->rows, TILE_ROWS) / TILE_ROWS, i = 0, rows; tiles > 0; tiles--, i += rows) {
    rows = (g->rows - i + tiles - 1) / tiles;
    const REAL *x = a + i * g->row_stride;
    REAL *y = result + i * g->columns;
    switch (rows) {
#define ROWS_ARE(count)                              \
  case count:                                        \
    TILE(multiply_tile)(g, x, p, y, width, count); \
    break;
      ROWS_ARE(1) ROWS_ARE(2) ROWS_ARE(3)
#if TILE_ROWS > 3
      ROWS_ARE(4) ROWS_ARE(5) ROWS_ARE(6)
#endif
#if TILE_ROWS > 6
      ROWS_ARE(7) ROWS_ARE(8) ROWS_ARE(9) ROWS_ARE(10) ROWS_ARE(11) ROWS_ARE(12)
#endif
#undef ROWS_ARE
    }
  }
}

// The panel of B [depth, columns] that begins at a column.
INLINE TILE(panel) TILE(panel_of)(const vk_product *g, const REAL *b, ptrdiff_t column, ptrdiff_t width,
                                  REAL *packed) {
  const ptrdiff_t safe = NAME(readable_rows)(g->depth, g->columns, column, TILE_WIDTH);
  for (ptrdiff_t k = safe; k < g->depth; k++)
    for (ptrdiff_t j = 0; j < TILE_WIDTH; j++)
      packed[(k - safe) * TILE_WIDTH + j] = j < width ? b[k * g->columns + column + j] : 0;
  return (TILE(panel)){b + column, packed, g->columns, safe};
}

// The same of B that is stored as [columns, depth]. What lies behind its columns is 0.
INLINE TILE(panel) TILE(transposed_panel_of)(const vk_product *g, const REAL *b, ptrdiff_t column, ptrdiff_t width,
                                             REAL *packed) {
  if (width < TILE_WIDTH) memset(packed, 0, g->depth * TILE_WIDTH * sizeof(REAL));
  NAME(transpose)(b + column * g->depth, width, g->depth, packed, TILE_WIDTH);
  return (TILE(panel)){packed, packed, TILE_WIDTH, g->depth};
}

// The columns from one on that a row of a tile holds; returns how many.
INLINE ptrdiff_t TILE(multiply_from)(const vk_product *g, const REAL *a, const REAL *b, REAL *result, ptrdiff_t column,
                                     REAL *packed) {
  const ptrdiff_t left = g->columns - column, width = left < TILE_WIDTH ? left : TILE_WIDTH;
  const TILE(panel) p = g->transposed ? TILE(transposed_panel_of)(g, b, column, width, packed)
                                      : TILE(panel_of)(g, b, column, width, packed);
  TILE(multiply_panel)(g, a, p, result + column, width);
  return width;
}

#undef TILE_WIDTH
#undef TILE_ROWS
#undef TILE
#undef TILE_OF_PART
#undef TILE_NAMED
