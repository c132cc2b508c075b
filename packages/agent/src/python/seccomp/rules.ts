import type { errors } from './errors.ts'
import type { CallName } from './numbers.ts'

/** System calls that are denied with an error; with `only`, when the argument is such. */
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

/** All that make a namespace: CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID and -NET. */
const namespaces = 0x7e_02_00_00
const mapShared = 0x01
const mapAnonymous = 0x20
const unixSockets = 1
/** SO_SNDBUF and SO_SNDBUFFORCE. */
const sendBuffers = [7, 32]

/**
 * What code of a tool may not ask the kernel for. ENOSYS stands where libraries have another way when a kernel does not
 * know the call, EPERM elsewhere.
 */
export const rules: readonly Rule[] = [
  // The C library then uses clone, whose flags can be read here; those of clone3 lie in memory.
  { error: 'ENOSYS', calls: ['clone3'] },
  { error: 'EPERM', calls: ['clone'], only: { argument: 0, anyBit: namespaces } },
  { error: 'EPERM', calls: ['unshare', 'setns'] },

  // Keyrings are not separated by namespaces: those of the worker would be read. Without these three calls there is no
  // other way to a key.
  { error: 'ENOSYS', calls: ['add_key', 'request_key', 'keyctl'] },

  // All processes of a call share one session, which has the lowest priority.
  { error: 'EPERM', calls: ['setsid'] },

  // They make other calls where no filter sees them.
  { error: 'ENOSYS', calls: ['io_uring_setup', 'io_uring_enter', 'io_uring_register', 'io_setup'] },

  // Memory that no limit counts: files without a place, memory of System V, messages, pages that are given to a pipe.
  { error: 'ENOSYS', calls: ['memfd_create', 'memfd_secret'] },
  { error: 'EPERM', calls: ['shmget', 'shmat', 'shmctl', 'semget', 'msgget', 'mq_open'] },
  { error: 'EPERM', calls: ['vmsplice'] },
  // Events that wait, in 128 queues of 16,384 each, and rules of any number.
  { error: 'ENOSYS', calls: ['inotify_init', 'inotify_init1', 'landlock_create_ruleset'] },
  // What a process has written there stays when it has unmapped all but one page.
  { error: 'EPERM', calls: ['mmap'], only: { argument: 3, allBits: mapShared | mapAnonymous } },

  // Every other family reaches past the namespaces (vsock), a large part of the kernel (netlink, alg), or memory that
  // all of the machine share (TCP).
  {
    error: 'ENETUNREACH',
    calls: ['socket', 'socketpair'],
    only: { argument: 0, noneOf: [unixSockets] },
  },

  // Data that waits in a socket is charged to no process, so its amount is what the machine usually allows.
  { error: 'EPERM', calls: ['setsockopt'], only: { argument: 2, oneOf: sendBuffers } },

  // Other processes.
  { error: 'EPERM', calls: ['ptrace', 'process_vm_readv', 'process_vm_writev', 'kcmp'] },
  { error: 'EPERM', calls: ['process_madvise', 'process_mrelease'] },
  { error: 'ENOSYS', calls: ['pidfd_getfd'] },

  // Parts of the kernel that have been ways out.
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
