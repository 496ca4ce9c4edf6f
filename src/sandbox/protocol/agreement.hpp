#pragma once
#include <array>
#include <string_view>

// What both processes must agree on beside the messages.
namespace movio::sandbox {

inline constexpr int kChannelDescriptor = 3;
inline constexpr int kSourceDescriptor = 4;

// Acts of the self-test that must end the process by SIGSYS, one process each.
inline constexpr std::array<std::string_view, 10> kDeadlyActs{
    "socket",           "connect",           "bind",     "execve", "execveat", "fork", "ptrace",
    "process_vm_readv", "process_vm_writev", "io_uring",
};

// The one act of the self-test that a sanitized build may do: both sanitizers need terabytes of address space.
inline constexpr const char* kMemoryAct = "allocate more than its limit";

}  // namespace movio::sandbox
