use super::*;

const PATH: &str = "/members/limits";

#[tokio::test]
async fn a_limit_is_set_read_and_ended() {
    both(async |house| {
        let desk = desk(&house).await;
        assert!(desk.pages(PATH).await.contains("No limits yet"));
        let key = "019aa2b0-0000-7000-8000-000000000007";
        let begin = [("key", key), ("programme", KM), ("action", "review")];
        let send = async |more: &[(&str, &str)]| {
            desk.clerk.post(&desk.app, PATH, &[&begin[..], more].concat()).await.status
        };
        let device = [("what", "new-device"), ("hours", "24")];
        for wrong in [
            vec![("what", "redemption"), ("hours", "24")],
            vec![("what", "redemption"), ("hours", "0"), ("most_count", "3")],
            vec![("what", "redemption"), ("hours", "24"), ("most_count", "many")],
            vec![("what", "new-device"), ("hours", "24"), ("most_count", "3")],
            vec![("programme", "none"), ("what", "new-device"), ("hours", "24")],
        ] {
            let all: Vec<_> = if wrong.len() == 3 && wrong[0].0 == "programme" {
                [&wrong[..], &begin[2..]].concat()
            } else {
                [&begin[..], &wrong].concat()
            };
            let answer = desk.clerk.post(&desk.app, PATH, &all).await;
            assert_eq!(answer.status, 422, "{wrong:?}");
        }
        for _ in 0..2 {
            assert_eq!(send(&device).await, 303, "a second click finds the first");
        }
        assert_eq!(desk.loyalty.limits(&desk.clerk.actor, KM).await.unwrap().len(), 1);
        let page = desk.pages(PATH).await;
        assert!(page.contains("within 24 hours of the first sign-in on a device"), "{page}");
        assert!(page.contains("waits for a review"));

        let end = format!("{PATH}/{key}/end");
        let agent = house.staff(Role::Agent).await;
        assert_eq!(agent.post(&desk.app, &end, &[]).await.status, 403);
        assert_eq!(agent.post(&desk.app, PATH, &device).await.status, 403);
        assert!(!agent.get(&desk.app, PATH).await.text.contains("name=\"hours\""));
        for _ in 0..2 {
            assert_eq!(desk.clerk.post(&desk.app, &end, &[]).await.status, 303);
        }
        let page = desk.pages(PATH).await;
        assert!(page.contains("ended 20"), "{page}");
        let nowhere = end.replace("007", "008");
        assert_eq!(desk.clerk.post(&desk.app, &nowhere, &[]).await.status, 404);
    })
    .await;
}
