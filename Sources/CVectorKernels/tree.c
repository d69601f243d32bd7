// The order in which the sums over chunks are added up.

#include "CVectorKernels.h"

void vk_tree_sum(double *rows, ptrdiff_t row_count, ptrdiff_t columns) {
  if (row_count < 2) return;
  const ptrdiff_t half = row_count / 2;
  double *right = rows + half * columns;
  vk_tree_sum(rows, half, columns);
  vk_tree_sum(right, row_count - half, columns);
  for (ptrdiff_t j = 0; j < columns; j++) rows[j] += right[j];
}
