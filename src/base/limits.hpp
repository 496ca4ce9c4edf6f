#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

// Every bound of the system in one place, each with its reason. Settings may lower most of them, never raise them
// past what is here.
namespace movio::limits {

// Media that is refused before work starts.
inline constexpr std::int64_t kDurationSecondsMax = 24 * 3600;  // a day: recordings of events; keeps every count small
inline constexpr std::int64_t kPixelsMax = 8192LL * 4352;       // 8K with padding; a frame of it is 53 MB in 4:2:0
inline constexpr int kStreamsMax = 64;                          // Blu-ray remuxes hold about 40
inline constexpr int kAudioTracksMax = 16;
inline constexpr int kTextTracksMax = 32;
inline constexpr std::int64_t kCuesPerTrackMax = 50'000;  // a day at a cue each 1.7 s
inline constexpr std::size_t kCueTextBytesMax = 4096;     // longer than any screen holds
inline constexpr std::size_t kCaptionFileBytesMax = 16U << 20;
inline constexpr std::int64_t kGapSecondsMax = 60;              // a longer hole between two frames is a damaged clock
inline constexpr int kDamagedPercentMax = 5;                    // above it the film is failed(damaged)
inline constexpr std::size_t kPlanJsonBytesMax = 32U << 20;     // plan or measurements; a day of film is under 20 MB
inline constexpr std::size_t kRawCuesJsonBytesMax = 64U << 20;  // a full track of cues of 1,000 bytes each

// Files that are read while they arrive.
inline constexpr std::size_t kEarlyIndexesMax = 8;             // media processes that mostly wait, some 20 MiB each
inline constexpr std::size_t kEarlyIndexBytesMax = 64U << 20;  // of subtitles kept until their film is submitted
inline constexpr std::chrono::milliseconds kArrivalPatience{10'000};  // a line that stalls longer leaves its place

// Segments.
inline constexpr std::int64_t kSegmentBytesMax = 64LL << 20;  // 4 s at 128 Mb/s
inline constexpr int kAudioBlockSegments = 16;                // one encoder run; see ARCHITECTURE, audio
inline constexpr int kVideoTaskSegments = 8;                  // 32 s: a killed worker redoes little
inline constexpr int kFirstCopySegments = 8;  // what a film begins with goes before all others, so it is short
// An hour. Opening a film of two hours for each piece takes 0.14 s of a processor, copying half an hour 0.3 s (picture)
// and 0.16 s (sound); and two pieces at a time, so that one works while the other waits for the disk. A killed worker
// copies nothing again that is stored.
inline constexpr int kCopyTaskSegments = 900;
inline constexpr int kLevelsTaskSegments = 450;  // half an hour of sound, heard in two or three seconds
// Segments that become durable together, since a disk takes about as long to sync many as to sync one; of each media
// process as many again may gather meanwhile.
inline constexpr std::size_t kStoreTogetherMax = 32;
inline constexpr std::size_t kStoreTogetherBytes = 16U << 20;

// Images and figures of a film.
inline constexpr std::int64_t kStoryboardTilesMax = 2500;  // a hundred sheets; a tile each 20 s in 12 h of film
inline constexpr std::size_t kStripTilesMax = 16;       // pictures on their way into sheets; 5120 pixels side by side
inline constexpr std::size_t kPreviewPicturesMax = 12;  // of the animated preview: 7 s, about 150 kB
inline constexpr std::int64_t kSheetBytesMax = 2LL << 20;  // a sheet, strip or preview; 25 tiles take about 80 kB
inline constexpr std::size_t kChaptersMax = 200;           // of a film; a Blu-ray has 99
inline constexpr std::size_t kChapterTitleBytesMax = 200;
inline constexpr std::size_t kStretchesMax = 100;  // black or silent ones that are told

// HTTP.
inline constexpr std::size_t kHeaderBytesMax = 16U << 10;  // cookies and a long token fit
inline constexpr std::size_t kJsonBodyBytesMax = 1U << 20;
inline constexpr std::size_t kFormFieldsMax = 1000;          // of one form; as many as Django takes
inline constexpr int kFormPartsMax = 100;                    // of a multipart body; an upload has four
inline constexpr std::size_t kPartHeadBytesMax = 16U << 10;  // as of a request; also of what stands before all parts
inline constexpr std::size_t kRateKeysMax = 200'000;         // budgets that are not full; 30 MB of them
inline constexpr std::size_t kConnectionsMax = 10'000;
inline constexpr std::chrono::seconds kHeaderTimeout{10};
inline constexpr std::chrono::seconds kBodyIdleTimeout{30};
inline constexpr std::chrono::seconds kKeepAliveTimeout{75};  // longer than a load balancer's usual 60 s
inline constexpr std::chrono::seconds kShutdownGrace{10};

// Waiting for a segment that is not made yet; then 503 with Retry-After.
inline constexpr std::chrono::milliseconds kSegmentWait{8000};
inline constexpr std::chrono::milliseconds kSegmentPoll{100};
inline constexpr int kWishesWaitingMax = 16;  // of one film; older ones are of players that have gone on or given up
// Segments that are waited for at once; what would be one more is 503 right away. A browser opens six connections to a
// host, so a viewer with one player comes nowhere near; several behind one address mostly want the same segments.
inline constexpr std::size_t kWishesPerViewerMax = 8;
inline constexpr std::size_t kWishesPerVideoMax = 16;
inline constexpr std::size_t kWishesMax = 48;     // more than a few machines make within kSegmentWait
inline constexpr std::size_t kWishersMax = 2048;  // requests that wait, each a coroutine of some kilobytes
// Whoever waits repeats the wish. One that was not repeated for so long has nobody who waits: longer than a player
// takes to ask again after a 503 (Retry-After: 1).
inline constexpr std::chrono::milliseconds kWishAgain{1000};
inline constexpr std::chrono::milliseconds kWishLife{3500};
inline constexpr std::int64_t kFillSegments = 24;      // what is made next of a film that is watched: about 96 s
inline constexpr std::int64_t kShortFilmMs = 300'000;  // in figures: clips apart from films
inline constexpr int kFillTasksMax = 8;                // waiting, of the lowest rung of one film: four viewers' worth

// Accounts.
inline constexpr std::size_t kFormBodyBytesMax = 64U << 10;  // a sign-up has a few hundred bytes
inline constexpr std::size_t kTokenBytesMax = 8U << 10;      // fits into a head; ours have about 600 bytes
inline constexpr std::size_t kSigningKeysMax = 64;           // each is tried on a token that names none
inline constexpr std::size_t kAddressKeyBytesMin = 32;       // MD5, which nginx wants, leans on the key alone
inline constexpr std::size_t kSecretBytesMin =
    16;  // 128 bits (RFC 7518 §3.2 asks for more, old installations had less)
inline constexpr std::size_t kPasswordCharactersMin = 6;
inline constexpr std::size_t kPasswordCharactersMax = 128;        // longer than any manager makes; keeps hashing cheap
inline constexpr std::int64_t kHashMemoryBytesMax = 256LL << 20;  // of a stored hash, which an import may have brought
inline constexpr int kHashPassesMax = 10;
inline constexpr int kHashLanesMax = 64;
inline constexpr std::int64_t kHashIterationsMax = 2'000'000;  // PBKDF2; Django 5 uses 1,000,000
inline constexpr std::size_t kEmailCharactersMax = 320;        // RFC 3696, errata 1690
inline constexpr int kSharedWithMax = 200;                     // people named one by one; more are a group
inline constexpr int kFilmGroupsMax = 50;                      // that one film is for
inline constexpr int kReachedFilmsMax = 5000;                  // of others, for one viewer's search
inline constexpr int kLogInMistakesFree = 5;                   // of one name from one network; people mistype
inline constexpr std::chrono::seconds kLogInPauseFirst{1};
inline constexpr std::chrono::minutes kLogInPauseMax{15};
inline constexpr std::chrono::hours kLogInMistakesKept{1};
inline constexpr int kLogInsUnderWayMax = 16;           // of one name from one network
inline constexpr std::size_t kLogInNamesMax = 100'000;  // remembered, some 150 bytes each
inline constexpr int kSessionsPerUserMax = 100;
inline constexpr std::chrono::minutes kSessionTouchedEvery{5};  // of when a log-in was used last
inline constexpr std::chrono::seconds kRefreshGrace{10};        // an answer that was lost is asked for again
inline constexpr int kApiTokensPerUserMax = 50;
inline constexpr std::int64_t kApiTokenDaysMax = 3650;
inline constexpr std::size_t kApiTokenNameMax = 100;
inline constexpr int kInvitesOpenMax = 1000;  // more are a list of users, which is imported
inline constexpr std::int64_t kInviteDaysMax = 365;
inline constexpr int kGroupsMax = 1000;        // of one installation; all of them are one answer
inline constexpr int kGroupMembersMax = 2000;  // all ride in one event, 80 kB; larger ones are `internal`
inline constexpr std::size_t kGroupNameMax = 100;
inline constexpr std::size_t kUnknownPeopleTold = 50;      // of a list that names people who are not here
inline constexpr std::size_t kMemberListColumnsMax = 100;  // read of a row; spreadsheets of courses have some ten

// Who logs in by the word of others.
inline constexpr std::size_t kIdTokenBytesMax = 64U << 10;  // some providers name hundreds of groups in it
inline constexpr std::size_t kPublicKeysMax = 32;           // of one provider; each is tried on a token that names none
inline constexpr std::size_t kOutsideGroupsMax = 1000;      // read of one person; as many as there are groups here
inline constexpr std::size_t kOutsideNameMax = 255;         // of a subject (OpenID Connect Core 1.0 §2), and of a group
inline constexpr std::size_t kNextPageBytesMax = 2000;      // of the page to go on to; it travels in a cookie
inline constexpr std::size_t kAuthorizationCodeMax = 4U << 10;
inline constexpr std::chrono::seconds kOpenIdFlowLife{600};  // from the button to coming back: with a second factor
inline constexpr std::chrono::seconds kOpenIdClockSkew{60};
inline constexpr std::chrono::minutes kProviderKept{60};       // what a provider says of itself, and its keys
inline constexpr std::chrono::seconds kProviderKeysAgain{10};  // a token by a key that nobody knows has them asked for

// Requests of ours to other servers.
inline constexpr std::chrono::seconds kWebConnectTime{5};
inline constexpr std::chrono::seconds kWebTime{10};            // of one request; somebody waits for it
inline constexpr std::size_t kWebAnswerBytesMax = 512U << 10;  // documents of providers have some ten kilobytes
inline constexpr std::size_t kWebThreads = 4;
inline constexpr std::size_t kWebQueueMax = 64;  // with a provider that hangs, the last one waits 160 s

// Links and notices to people.
inline constexpr std::chrono::hours kPasswordResetLife{1};  // long enough to find the mail, short enough to forget it
inline constexpr int kPasswordResetsPerAddress = 3;         // at once; then one each third of an hour
inline constexpr int kPasswordResetsPerNetwork = 60;        // an hour: a school after the holidays
inline constexpr std::chrono::hours kEmailCheckLife{48};    // mail is read the day after, too
inline constexpr int kEmailChecksPerUser = 5;               // at once; then one each twelve minutes
inline constexpr std::int64_t kNoticesWaitingMax = 1000;    // to be sent; beyond it nothing is promised
inline constexpr std::size_t kNoticesKeptMax = 1000;        // as files, where there is no mail
inline constexpr std::size_t kTokenCharactersMax = 100;     // of a link or a refresh token; ours have 43
inline constexpr int kNoticeAttemptsMax = 60;               // of sending one: about an hour, at a pause of a minute

// Embedding.
inline constexpr int kEmbedOriginsMax = 20;         // of one link; each stands in a header field of its page
inline constexpr int kEmbedLinksPerVideoMax = 100;  // one for each course that shows the film
inline constexpr std::int64_t kEmbedLinkSecondsMin = 60;
inline constexpr std::int64_t kEmbedLinkSecondsMax = 10LL * 366 * 24 * 3600;  // a course that is given for years
inline constexpr std::size_t kOriginBytesMax = 300;                           // a host has 253 (RFC 1035 §2.3.4)

// Ledger.
inline constexpr std::chrono::seconds kLease{15};
inline constexpr std::chrono::seconds kLeaseRenew{5};
inline constexpr std::chrono::seconds kSweep{2};
inline constexpr int kTaskAttemptsMax = 5;
inline constexpr int kTaskInterruptionsMax = 200;      // a restart costs no attempt, but not for ever
inline constexpr int kTasksPerJobMax = 50'000;         // a day in 4 s segments, each asked for early
inline constexpr std::size_t kTaskNeedsMax = 100'000;  // every task of a part waiting for every one of another
inline constexpr std::chrono::milliseconds kRetryDelayFirst{1000};  // doubled by each attempt
inline constexpr std::chrono::milliseconds kRetryDelayMax{60'000};
inline constexpr std::chrono::milliseconds kPoll{1000};  // how late a lost bell can make work start
inline constexpr int kJobsKeptDays = 30;
inline constexpr int kEventsKeptDays = 7;  // far longer than any broker repeats a message

// Databases.
inline constexpr std::chrono::milliseconds kStatementDeadline{30'000};  // longer than any query of ours; ends a runaway
inline constexpr std::size_t kDatabaseQueueMax = 1024;                  // transactions waiting; then 503
inline constexpr std::size_t kSqlRowsMax = 200'000;                     // four tracks of kCuesPerTrackMax
inline constexpr std::size_t kStatementsCachedMax = 128;                // about what one service has

// Events between the parts of one process.
inline constexpr std::size_t kTransientEventsMax = 256;  // waiting for one consumer; then dropped
inline constexpr std::size_t kOutboxBatch = 256;         // read at once; more that cannot be sent hold up the rest

}  // namespace movio::limits
