//! `user`: staff accounts, for whoever has the machine.

use access::{Actor, NewUser, Role, User, UserFilter, UserId};
use serde_json::json;

use super::Ctx;
use crate::args;
use crate::fail::Fail;
use crate::output::Rows;

pub(crate) async fn run(ctx: Ctx, command: args::User) -> Result<(), Fail> {
    let app = ctx.app().await?;
    let access = app.access();
    let actor = Actor::system("command line");
    match command {
        args::User::Add { email, name, roles } => {
            let roles = parse_roles(&roles)?;
            let created = access.invite(&actor, NewUser { email, name, roles }).await?;
            say_password(&ctx, &created);
        }
        args::User::List => list(&ctx, access, &actor).await?,
        args::User::Reset { user } => {
            let user = find(access, &actor, &user).await?;
            access.reset_two_factor(&actor, user.id).await?.into_inner();
            say_password(&ctx, &access.reset_password(&actor, user.id).await?);
        }
        args::User::Disable { user } => {
            let user = find(access, &actor, &user).await?;
            access.disable_user(&actor, user.id).await?.into_inner();
            ctx.output.say(&format!(
                "{} is shut out; all sessions and keys have ended.",
                user.email.reveal()
            ));
        }
        args::User::Enable { user } => {
            let user = find(access, &actor, &user).await?;
            access.enable_user(&actor, user.id).await?.into_inner();
            ctx.output.say(&format!("{} may sign in again.", user.email.reveal()));
        }
    }
    Ok(())
}

fn parse_roles(names: &[String]) -> Result<Vec<Role>, Fail> {
    names
        .iter()
        .map(|name| {
            name.trim().parse().map_err(|_| {
                let all: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
                Fail::usage(format!("There is no role “{name}”."))
                    .hint(format!("the roles are {}", all.join(", ")))
            })
        })
        .collect()
}

fn say_password(ctx: &Ctx, account: &access::OneTimePassword) {
    let mut rows = Rows::new(&["email", "one_time_password"]);
    rows.push(vec![json!(account.email.reveal()), json!(account.password.reveal())]);
    ctx.output.rows(&rows);
    ctx.output.say("The password is shown this once; it must be changed at the first sign-in.");
}

async fn find(access: &access::Access, actor: &Actor, user: &str) -> Result<User, Fail> {
    let found = match user.parse::<UserId>() {
        Ok(id) => access.user(actor, id).await?,
        Err(_) => access.user_by_email(actor, user).await?,
    };
    found.ok_or_else(|| {
        Fail::missing(format!("There is no account “{user}”.")).hint("see `jetbridge user list`")
    })
}

async fn list(ctx: &Ctx, access: &access::Access, actor: &Actor) -> Result<(), Fail> {
    let mut rows =
        Rows::new(&["email", "name", "roles", "state", "two_factor", "last_sign_in", "id"]);
    let mut filter = UserFilter { limit: 200, ..UserFilter::default() };
    loop {
        let page = access.users(actor, &filter).await?;
        for user in page.items {
            rows.push(vec![
                json!(user.email.reveal()),
                json!(user.name.reveal()),
                json!(user.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>()),
                json!(user.state.as_str()),
                json!(user.two_factor),
                json!(user.last_sign_in_at),
                json!(user.id),
            ]);
        }
        match page.next {
            Some(next) => filter.after = Some(next),
            None => break,
        }
    }
    ctx.output.rows(&rows);
    Ok(())
}
