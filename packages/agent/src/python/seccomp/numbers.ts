/** Architectures for which there is a filter, by Node's names for them. */
export type Architecture = 'x64' | 'arm64'

/**
 * Numbers of system calls on x86-64 and on arm64. arm64 uses the numbers that all newer architectures share. From the
 * headers of Linux 6.1: asm/unistd_64.h and asm-generic/unistd.h. A call that an architecture does not have is
 * undefined. vm86 exists on neither.
 */
const table = {
  clone: [56, 220],
  clone3: [435, 435],
  unshare: [272, 97],
  setns: [308, 268],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_setup: [206, 0],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  semget: [64, 190],
  msgget: [68, 186],
  mq_open: [240, 180],
  vmsplice: [278, 75],
  mmap: [9, 222],
  socket: [41, 198],
  socketpair: [53, 199],
  setsockopt: [54, 208],
  ptrace: [101, 117],
  setsid: [112, 157],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  pidfd_getfd: [438, 438],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  inotify_init: [253, undefined],
  inotify_init1: [294, 26],
  landlock_create_ruleset: [444, 444],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  vhangup: [153, 58],
  vserver: [236, undefined],
  uselib: [134, undefined],
  ustat: [136, undefined],
  sysfs: [139, undefined],
  _sysctl: [156, undefined],
  modify_ldt: [154, undefined],
  personality: [135, 92],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  open_tree: [428, 428],
  fsopen: [430, 430],
  fsmount: [432, 432],
  fsconfig: [431, 431],
  fspick: [433, 433],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  syslog: [103, 116],
  acct: [163, 89],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  create_module: [174, undefined],
  get_kernel_syms: [177, undefined],
  query_module: [178, undefined],
  iopl: [172, undefined],
  ioperm: [173, undefined],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  swapon: [167, 224],
  swapoff: [168, 225],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  set_mempolicy_home_node: [450, 450],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
} as const satisfies Record<string, readonly [x64: number | undefined, arm64: number | undefined]>

export type CallName = keyof typeof table

/** The kernel's identifier of an architecture (linux/audit.h), its last known number, and its calls by name. */
export function numbersOf(architecture: Architecture) {
  const column = architecture === 'x64' ? 0 : 1
  const names = Object.keys(table) as CallName[]
  const numbers: Partial<Record<CallName, number>> = {}
  for (const name of names) {
    const number = table[name][column]
    if (number !== undefined) numbers[name] = number
  }
  return { audit: architecture === 'x64' ? 0xc0_00_00_3e : 0xc0_00_00_b7, last, numbers }
}

/** The number of set_mempolicy_home_node on both architectures. */
const last = 450
