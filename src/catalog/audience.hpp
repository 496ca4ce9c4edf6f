#pragma once
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "catalog/viewer.hpp"
#include "ports/database.hpp"

// Whom a film is for, beside its owner: rows of `video_shares`, `video_groups`, `group_members` and `embed_links`.
namespace movio::catalog {

// Whether the film is for people or groups and the viewer is one of them, or it is the one of the viewer's link, which
// nobody took back; what the rule of catalog/viewer asks for.
bool reaches(SqlSession& session, const Viewer& viewer, const Video& video);
// Ids of the films that reach the viewer, the newest ones first, at most limits::kReachedFilmsMax. Sorted.
std::vector<std::string> films_that_reach(SqlSession& session, const Viewer& viewer);

struct Person {
    UserId id;
    std::string name;
    std::string email;
};
// Those whom the film is shared with, whatever its visibility is now, by e-mail address.
std::vector<Person> people_of(SqlSession& session, VideoId video);
// Shares the film with exactly these, named by e-mail address in any case; the owner is left out. An address that
// nobody here has is `invalid`, and then nothing is changed.
Result<void> share_with(SqlSession& session, const Video& video, const std::vector<std::string>& emails);

struct Group {
    GroupId id;
    std::string name;
    std::string kind;  // for people
};
// {id, name, kind}
void write(JsonWriter& json, const Group& group);

// Those that the viewer may choose for a film, by name: their own, all for admins.
std::vector<Group> groups_to_choose(SqlSession& session, const Viewer& viewer);
// Those that the film is for, whatever its visibility is now, by name.
std::vector<Group> groups_of(SqlSession& session, VideoId video);
// The groups of these ids, which the viewer may choose for the film or which it is for already. Others, known or not,
// are `invalid`, and so are more than limits::kFilmGroupsMax.
Result<std::vector<GroupId>> chosen_groups(SqlSession& session, const Viewer& viewer, VideoId video,
                                           const std::vector<std::string>& ids);
// The film is for exactly these.
void set_groups(SqlSession& session, VideoId video, const std::vector<GroupId>& groups);

// Of somebody who is gone.
void forget_person(SqlSession& session, UserId user);

}  // namespace movio::catalog
