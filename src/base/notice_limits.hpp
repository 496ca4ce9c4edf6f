#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace movio::limits {

inline constexpr std::chrono::hours kPasswordResetLife{1};  // long enough to find the mail, short enough to forget it
inline constexpr int kPasswordResetsPerAddress = 3;         // at once; then one each third of an hour
inline constexpr int kPasswordResetsPerNetwork = 60;        // an hour: a school after the holidays
inline constexpr std::chrono::hours kEmailCheckLife{48};    // mail is read the day after, too
inline constexpr int kEmailChecksPerUser = 5;               // at once; then one each twelve minutes
inline constexpr std::int64_t kNoticesWaitingMax = 1000;    // to be sent; beyond it nothing is promised
inline constexpr std::size_t kNoticesKeptMax = 1000;        // as files, where there is no mail
inline constexpr std::size_t kTokenCharactersMax = 100;     // of a link or a refresh token; ours have 43
inline constexpr int kNoticeAttemptsMax = 60;               // of sending one: about an hour, at a pause of a minute

}  // namespace movio::limits
