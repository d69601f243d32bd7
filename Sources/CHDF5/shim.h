// What Swift cannot see of the HDF5 headers: macros that call H5open, as functions with the C spelling
// behind "CHDF5_"; and a mark on every wrapped call that makes an ignored return code a warning.
// The module map names hdf5_hl (dimension scales) because pkg-config's "hdf5" leaves it out.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>
#include <hdf5_hl.h>

// MARK: - Constants

static inline hid_t CHDF5_P_DEFAULT(void) { return H5P_DEFAULT; }
static inline hid_t CHDF5_S_ALL(void) { return H5S_ALL; }
static inline hid_t CHDF5_E_DEFAULT(void) { return H5E_DEFAULT; }

static inline hid_t CHDF5_P_FILE_CREATE(void) { return H5P_FILE_CREATE; }
static inline hid_t CHDF5_P_FILE_ACCESS(void) { return H5P_FILE_ACCESS; }
static inline hid_t CHDF5_P_GROUP_CREATE(void) { return H5P_GROUP_CREATE; }
static inline hid_t CHDF5_P_DATASET_CREATE(void) { return H5P_DATASET_CREATE; }

static inline hid_t CHDF5_T_NATIVE_DOUBLE(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t CHDF5_T_NATIVE_FLOAT(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t CHDF5_T_NATIVE_INT64(void) { return H5T_NATIVE_INT64; }
static inline hid_t CHDF5_T_NATIVE_INT32(void) { return H5T_NATIVE_INT32; }
static inline hid_t CHDF5_T_NATIVE_INT8(void) { return H5T_NATIVE_INT8; }
static inline hid_t CHDF5_T_NATIVE_UINT8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t CHDF5_T_C_S1(void) { return H5T_C_S1; }
static inline size_t CHDF5_T_VARIABLE(void) { return H5T_VARIABLE; }

static inline unsigned CHDF5_F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned CHDF5_F_ACC_RDWR(void) { return H5F_ACC_RDWR; }
static inline unsigned CHDF5_F_ACC_TRUNC(void) { return H5F_ACC_TRUNC; }
static inline unsigned CHDF5_F_ACC_EXCL(void) { return H5F_ACC_EXCL; }
static inline unsigned CHDF5_F_OBJ_CONTENTS(void) {
  return H5F_OBJ_GROUP | H5F_OBJ_DATASET | H5F_OBJ_ATTR | H5F_OBJ_LOCAL;
}
static inline H5F_libver_t CHDF5_F_LIBVER_LATEST(void) { return H5F_LIBVER_LATEST; }
static inline unsigned CHDF5_P_CRT_ORDER(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }

// MARK: - Links

// The kind of a link, and the number of bytes of its value where it has one.
static inline int CHDF5_link_kind(hid_t group, const char *name, size_t *size) {
  H5L_info_t info;
  if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
  *size = info.type == H5L_TYPE_HARD ? 0 : info.u.val_size;
  return info.type;
}

// MARK: - Return codes that cannot be ignored

#define CHDF5_CHECKED(function) extern __typeof__(function) function __attribute__((warn_unused_result))

CHDF5_CHECKED(H5dont_atexit);
CHDF5_CHECKED(H5open);
CHDF5_CHECKED(H5get_libversion);
CHDF5_CHECKED(H5Acreate2);
CHDF5_CHECKED(H5Aclose);
CHDF5_CHECKED(H5Adelete);
CHDF5_CHECKED(H5Aexists);
CHDF5_CHECKED(H5Aget_name_by_idx);
CHDF5_CHECKED(H5Aget_num_attrs);
CHDF5_CHECKED(H5Aget_space);
CHDF5_CHECKED(H5Aget_type);
CHDF5_CHECKED(H5Aopen);
CHDF5_CHECKED(H5Aread);
CHDF5_CHECKED(H5Awrite);
CHDF5_CHECKED(H5Dclose);
CHDF5_CHECKED(H5Dcreate2);
CHDF5_CHECKED(H5Dget_create_plist);
CHDF5_CHECKED(H5Dget_space);
CHDF5_CHECKED(H5Dget_type);
CHDF5_CHECKED(H5Dget_num_chunks);
CHDF5_CHECKED(H5Dget_space_status);
CHDF5_CHECKED(H5Dopen2);
CHDF5_CHECKED(H5Dread);
CHDF5_CHECKED(H5Dvlen_reclaim);
CHDF5_CHECKED(H5Dwrite);
CHDF5_CHECKED(H5DSattach_scale);
CHDF5_CHECKED(H5DSget_label);
CHDF5_CHECKED(H5DSget_scale_name);
CHDF5_CHECKED(H5DSis_scale);
CHDF5_CHECKED(H5DSiterate_scales);
CHDF5_CHECKED(H5DSset_label);
CHDF5_CHECKED(H5DSset_scale);
CHDF5_CHECKED(H5Eset_auto2);
CHDF5_CHECKED(H5Ewalk2);
CHDF5_CHECKED(H5Fclose);
CHDF5_CHECKED(H5Fcreate);
CHDF5_CHECKED(H5Fget_eoa);
CHDF5_CHECKED(H5Fget_obj_count);
CHDF5_CHECKED(H5Fget_name);
CHDF5_CHECKED(H5Fopen);
CHDF5_CHECKED(H5Gclose);
CHDF5_CHECKED(H5Gcreate2);
CHDF5_CHECKED(H5Gget_create_plist);
CHDF5_CHECKED(H5Gget_info);
CHDF5_CHECKED(H5Gopen2);
CHDF5_CHECKED(H5Iget_name);
CHDF5_CHECKED(H5Lexists);
CHDF5_CHECKED(H5Lget_name_by_idx);
CHDF5_CHECKED(H5Lget_val);
CHDF5_CHECKED(H5Oclose);
CHDF5_CHECKED(H5Oexists_by_name);
CHDF5_CHECKED(H5Oopen);
CHDF5_CHECKED(H5Pclose);
CHDF5_CHECKED(H5Pcreate);
CHDF5_CHECKED(H5Pget_chunk);
CHDF5_CHECKED(H5Pget_external);
CHDF5_CHECKED(H5Pget_external_count);
CHDF5_CHECKED(H5Pget_fill_value);
CHDF5_CHECKED(H5Pget_filter_by_id2);
CHDF5_CHECKED(H5Pget_filter2);
CHDF5_CHECKED(H5Pget_link_creation_order);
CHDF5_CHECKED(H5Pget_nfilters);
CHDF5_CHECKED(H5Pget_virtual_count);
CHDF5_CHECKED(H5Pget_virtual_dsetname);
CHDF5_CHECKED(H5Pget_virtual_filename);
CHDF5_CHECKED(H5Pget_virtual_vspace);
CHDF5_CHECKED(H5Pset_attr_creation_order);
CHDF5_CHECKED(H5Pset_chunk);
CHDF5_CHECKED(H5Pset_deflate);
CHDF5_CHECKED(H5Pset_fill_value);
CHDF5_CHECKED(H5Pset_fletcher32);
CHDF5_CHECKED(H5Pset_libver_bounds);
CHDF5_CHECKED(H5Pset_link_creation_order);
CHDF5_CHECKED(H5Pset_obj_track_times);
CHDF5_CHECKED(H5Pset_shuffle);
CHDF5_CHECKED(H5Sclose);
CHDF5_CHECKED(H5Screate);
CHDF5_CHECKED(H5Screate_simple);
CHDF5_CHECKED(H5Sget_simple_extent_dims);
CHDF5_CHECKED(H5Sget_simple_extent_ndims);
CHDF5_CHECKED(H5Sselect_hyperslab);
CHDF5_CHECKED(H5Tclose);
CHDF5_CHECKED(H5Tcopy);
CHDF5_CHECKED(H5Tis_variable_str);
CHDF5_CHECKED(H5Tset_cset);
CHDF5_CHECKED(H5Tset_size);
CHDF5_CHECKED(H5Zfilter_avail);

#undef CHDF5_CHECKED

#endif
