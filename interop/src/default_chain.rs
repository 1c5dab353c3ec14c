//! Sends one signed GET with the credentials of AWS's default chain, and prints what came back. Its tests run it with other
//! environments: the chain reads that of its process.
//!
//! `default-chain URL SERVICE REGION sigv4|sigv4a`

use std::error::Error;

use sigv4a::{
    AlgorithmChoice, Region, RegionSet, Service, SignerConfig, client::RequestSigner, reqwest::SignMiddleware,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, service, region, algorithm] = arguments.as_slice() else {
        return Err("expected URL SERVICE REGION ALGORITHM".into());
    };
    let config = SignerConfig::default()
        .with_service(Service::new(service)?)
        .with_region(Region::new(region)?)
        .with_region_set(RegionSet::new(region)?)
        .with_algorithm(algorithm.parse::<AlgorithmChoice>()?);
    let signer = RequestSigner::from_default_chain(config).await?;
    let client = SignMiddleware::new(signer).into_client(reqwest::Client::builder().no_proxy())?;
    match client.get(url).send().await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            println!("{status} {}", answer.text().await?);
        }
        Err(error) => {
            let mut cause: Option<&dyn Error> = Some(&error);
            while let Some(error) = cause {
                println!("{error}");
                cause = error.source();
            }
        }
    }
    Ok(())
}
