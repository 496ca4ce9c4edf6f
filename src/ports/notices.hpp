#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "async/asio.hpp"
#include "base/ids.hpp"

namespace movio {

using NoticeId = Id<struct NoticeTag>;

// One message to one person: what is to be said, not yet how. A carrier that writes to people has a template for each
// kind and language.
struct Notice {
    NoticeId id;       // the same each time that it is sent, so that copies can be told apart
    std::string kind;  // "password.reset"
    std::string to;    // e-mail address
    std::string language = "en";
    // What the template puts in. The field `link` is a secret: whoever has it may do what the notice is about.
    std::map<std::string, std::string> fields = {};
    std::int64_t until_us = 0;  // after that it is of no use
};

// Carries notices to people. Thread-safe.
class Notices {
public:
    virtual ~Notices() = default;
    // Once it resumes the carrier has the notice, and a crash loses it no more. An outage throws Failure: whoever sends
    // tries again, with the same id, and of all copies the person gets as few as the carrier can help. What is of no
    // use any more is taken and not carried.
    virtual Awaitable<void> send(Notice notice) = 0;
};

}  // namespace movio
