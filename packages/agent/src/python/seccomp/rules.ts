import type { errors } from './errors.ts'
import type { CallName } from './numbers.ts'

/** System calls that are denied with an error; with `only`, when the argument matches. */
export type Rule = {
  calls: readonly CallName[]
  error: keyof typeof errors
  only?: { argument: number } & (
    | { anyBit: number }
    | { allBits: number }
    | { oneOf: readonly number[] }
    | { noneOf: readonly number[] }
  )
}

/** All flags that make a namespace: CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID and -NET. */
const namespaces = 0x7e_02_00_00
const mapShared = 0x01
const mapAnonymous = 0x20
const unixSockets = 1
/** SO_SNDBUF and SO_SNDBUFFORCE. */
const sendBuffers = [7, 32]

/**
 * The system calls that the code of a tool may not make. The error is ENOSYS where libraries have a fallback for
 * kernels without the call, and EPERM elsewhere.
 */
export const rules: readonly Rule[] = [
  // The C library falls back to clone, whose flags the filter can read. Those of clone3 are in memory.
  { error: 'ENOSYS', calls: ['clone3'] },
  { error: 'EPERM', calls: ['clone'], only: { argument: 0, anyBit: namespaces } },
  { error: 'EPERM', calls: ['unshare', 'setns'] },

  // Namespaces do not separate keyrings, so the code could read those of the worker. Without these three calls there is
  // no access to keys.
  { error: 'ENOSYS', calls: ['add_key', 'request_key', 'keyctl'] },

  // All processes of a call share one session, which has the lowest priority.
  { error: 'EPERM', calls: ['setsid'] },

  // These make other calls that no filter sees.
  { error: 'ENOSYS', calls: ['io_uring_setup', 'io_uring_enter', 'io_uring_register', 'io_setup'] },

  // Memory that no limit counts: anonymous files, shared memory of System V, messages, pages that are moved to a pipe.
  { error: 'ENOSYS', calls: ['memfd_create', 'memfd_secret'] },
  { error: 'EPERM', calls: ['shmget', 'shmat', 'shmctl', 'semget', 'msgget', 'mq_open'] },
  { error: 'EPERM', calls: ['vmsplice'] },
  // Waiting events, in 128 queues of 16,384 each, and an unlimited number of rules.
  { error: 'ENOSYS', calls: ['inotify_init', 'inotify_init1', 'landlock_create_ruleset'] },
  // Pages of a shared mapping without a file stay in memory after a process has unmapped all but one of them.
  { error: 'EPERM', calls: ['mmap'], only: { argument: 3, allBits: mapShared | mapAnonymous } },

  // Only sockets of this machine. Other families leave the namespaces (vsock), reach a large part of the kernel
  // (netlink, alg), or use memory that the whole machine shares (TCP).
  {
    error: 'ENETUNREACH',
    calls: ['socket', 'socketpair'],
    only: { argument: 0, noneOf: [unixSockets] },
  },

  // Data that waits in a socket is charged to no process, so its amount stays at the machine's default.
  { error: 'EPERM', calls: ['setsockopt'], only: { argument: 2, oneOf: sendBuffers } },

  // Other processes.
  { error: 'EPERM', calls: ['ptrace', 'process_vm_readv', 'process_vm_writev', 'kcmp'] },
  { error: 'EPERM', calls: ['process_madvise', 'process_mrelease'] },
  { error: 'ENOSYS', calls: ['pidfd_getfd'] },

  // Parts of the kernel that have allowed escapes before.
  { error: 'ENOSYS', calls: ['bpf', 'perf_event_open', 'userfaultfd'] },
  {
    error: 'EPERM',
    calls: ['fanotify_init', 'lookup_dcookie', 'nfsservctl', 'vhangup', 'vserver'],
  },
  { error: 'EPERM', calls: ['uselib', 'ustat', 'sysfs', '_sysctl', 'modify_ldt'] },
  { error: 'EPERM', calls: ['personality'], only: { argument: 0, noneOf: [0, 0xff_ff_ff_ff] } },

  // Mounts.
  { error: 'EPERM', calls: ['mount', 'umount2', 'pivot_root', 'chroot', 'mount_setattr'] },
  { error: 'EPERM', calls: ['move_mount', 'open_tree', 'fsopen', 'fsmount', 'fsconfig', 'fspick'] },
  { error: 'EPERM', calls: ['name_to_handle_at', 'open_by_handle_at'] },

  // The machine.
  { error: 'EPERM', calls: ['kexec_load', 'kexec_file_load', 'reboot', 'syslog', 'acct'] },
  { error: 'EPERM', calls: ['init_module', 'finit_module', 'delete_module', 'create_module'] },
  { error: 'EPERM', calls: ['get_kernel_syms', 'query_module', 'iopl', 'ioperm'] },
  { error: 'EPERM', calls: ['quotactl', 'quotactl_fd', 'swapon', 'swapoff'] },
  { error: 'EPERM', calls: ['settimeofday', 'clock_settime', 'adjtimex', 'clock_adjtime'] },
  { error: 'EPERM', calls: ['sethostname', 'setdomainname'] },
  { error: 'EPERM', calls: ['mbind', 'set_mempolicy', 'set_mempolicy_home_node'] },
  { error: 'EPERM', calls: ['migrate_pages', 'move_pages'] },
]
